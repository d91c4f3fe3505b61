/** What a source answers, before it goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes as it is, all else as JSON. */
  readonly body: unknown;
}
