/** A line of a story: when, what it is about, and what happened. */
export interface Line {
  readonly at: number;
  /** A step of the load, or what somebody or something did to it. */
  readonly about: string;
  readonly text: string;
  /** Something that was not meant to happen, or that a person did. */
  readonly notable: boolean;
  readonly facts: Readonly<Record<string, unknown>>;
}

export const line = (at: number, about: string, text: string, facts: Line['facts'] = {}, notable = false): Line => ({
  at,
  about,
  text,
  notable,
  facts,
});
