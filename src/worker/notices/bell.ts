/** Rung where something happens that a person may have to know of: it is looked at soon, not only with the next minute. */
import type { NoticeKind } from '../../model/notices.js';

export interface Ring {
  readonly kind: NoticeKind;
  /** Which one, where a look would not find it by itself yet. */
  readonly about?: string;
}

export class Bell {
  private heard: (ring: Ring) => void = () => {};

  /** Nothing is lost where nobody listens yet: who begins to listen looks at everything first. */
  listen(heard: (ring: Ring) => void): void {
    this.heard = heard;
  }

  ring(kind: NoticeKind, about?: string): void {
    this.heard({ kind, ...(about !== undefined && { about }) });
  }
}
