/** Work that the client orders beside loads: a workflow of its own, found again by its id. */
export interface Job<Order = unknown> {
  /** The name of the workflow. */
  readonly workflow: string;
  readonly workflowId: string;
  readonly title: string;
  /** For messages: "the migration of …". */
  readonly what: string;
  readonly of: string;
  readonly order: Order;
  /** What the server lists it by. */
  readonly memo?: Readonly<Record<string, string>>;
  readonly searchAttributes?: Readonly<Record<string, string[]>>;
  /** What is left where it was cancelled; unsaid: what was finished stays. */
  readonly kept?: string;
  /** Whether it hears pause, resume, and why it is cancelled. */
  readonly turns?: true;
}
