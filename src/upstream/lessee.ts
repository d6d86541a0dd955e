import type { ResultLimits } from '../limits/result-size.js'
import type { CompiledStatement } from '../sql/compiled.js'
import type { Frame } from '../wire/frame.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'
import type { ExpectedReply, Origin } from './expected-replies.js'

/** How a connection was lost. */
export interface Loss {
  /** What won't be answered any more, in order. */
  readonly unanswered: readonly ExpectedReply[]
  /** clean: between two messages; broken: in the middle of one that is relayed; confused: the server made no sense. */
  readonly place: 'clean' | 'broken' | 'confused'
}

/**
 * Whoever has leased a server connection, as the connection sees it.
 *
 * `reply` is the request that the server is answering, undefined where it speaks unasked.
 */
export interface Lessee {
  /** The client's socket takes no more for now; `drain` follows. */
  readonly clientIsCongested: boolean
  /** What each result may be at most, null: anything; asked at the beginning of what comes at once. */
  readonly resultLimits: ResultLimits | null
  /** A result has become too large: the rest of it isn't relayed, nor is its end; `error` follows, or `endedBefore`. */
  overran?(limit: string, reply: ExpectedReply): void
  /** Its cycle has ended before the server could be told; ReadyForQuery isn't relayed. */
  endedBefore?(status: TransactionStatus): void
  /** Bytes for the client: whole messages, or the next part of one. */
  relay(bytes: Buffer): void
  /** A request's statement has completed; not null where the lessee wants to write its CommandComplete itself. */
  statementOf(origin: Origin): CompiledStatement | null
  /** The CommandComplete of such a statement. */
  commandComplete(frame: Frame, statement: CompiledStatement): void
  /** Of such a statement as many rows have come as were asked for, and its end hasn't; who asks for all leaves it out. */
  suspended?(statement: CompiledStatement): void
  /** The server asks for the rows of a COPY; who has none leaves it out. */
  copyIn?(frame: Frame, origin: Origin): void
  error(frame: Frame, reply: ExpectedReply | undefined): void
  notice(frame: Frame, reply: ExpectedReply | undefined): void
  parameterStatus(frame: Frame, reply: ExpectedReply | undefined): void
  /** A channel that the connection listens to was notified; who doesn't listen leaves it out. */
  notification?(frame: Frame): void
  /** A cycle is over, one of the client's or one of ours; its ReadyForQuery is relayed already if it is to be. */
  ready(status: TransactionStatus): void
  /** Nothing is outstanding and no transaction is open: the connection may be given back. */
  idle(): void
  /** All that came at once has been handled. */
  pause(): void
  /** The server's socket takes more again. */
  drained(): void
  /** The connection is gone, and the lease with it. */
  lost(cause: Error, loss: Loss): void
}
