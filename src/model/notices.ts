/** What the daemon tells a person of: that something needs a hand, once, and once more when it is over. */
export const NOTICE_KINDS = {
  'load-failed': { when: 'a load failed for good', over: 'a later load of the series came to its end' },
  'series-stale': { when: 'a series that is kept is further behind than is usual', over: 'it is up to date again' },
  'bars-leaving': {
    when: 'a series that is kept lacks bars that its source will soon not have any more',
    over: 'it lacks none of them any more',
  },
  'quality-low': { when: 'the newest bars of a series score less than notices.quality', over: 'they score as much again' },
  'disk-low': { when: 'less is free than disk.floor: loads wait', over: 'there is room again' },
  'breaker-open': { when: 'a source is left alone because it failed too often', over: 'it is asked again' },
} as const;

export type NoticeKind = keyof typeof NOTICE_KINDS;

/** Something that is so now. */
export interface Condition {
  readonly kind: NoticeKind;
  /** Which series, source or folder. */
  readonly about: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, string | number | null>>;
}

/** What is sent. Causes that come or go at the same look are told of together. */
export interface Notice {
  readonly program: 'tapekeep';
  readonly kind: NoticeKind | 'test';
  readonly state: 'begun' | 'over';
  /** All of it in words. */
  readonly text: string;
  readonly at: string;
  readonly causes: readonly { readonly about: string; readonly since: string; readonly text: string; readonly facts: Condition['facts'] }[];
}
