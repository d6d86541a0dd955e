import type { ResultLimits } from '../../src/limits/result-size.js'
import type { ExpectedReply } from '../../src/upstream/expected-replies.js'
import type { Lessee } from '../../src/upstream/lessee.js'
import { decodeFrame } from '../../src/wire/codec.js'
import { type Frame, frameView } from '../../src/wire/frame.js'
import { NotificationResponse } from '../../src/wire/messages/notification-response.js'
import type { TransactionStatus } from '../../src/wire/messages/ready-for-query.js'

/** A lessee that writes down what it is told; `relayed` is what its client would get. */
export class RecordingLessee implements Lessee {
  readonly clientIsCongested = false
  resultLimits: ResultLimits | null = null
  readonly relayed: Buffer[] = []
  readonly told: string[] = []

  get client(): Buffer {
    return Buffer.concat(this.relayed)
  }

  relay(bytes: Buffer): void {
    this.relayed.push(Buffer.from(bytes))
  }

  statementOf(): null {
    this.told.push('statement completed')
    return null
  }

  overran(limit: string): void {
    this.told.push(`overran ${limit}`)
  }

  endedBefore(status: TransactionStatus): void {
    this.told.push(`ended before with ${status}`)
  }

  commandComplete(): void {}

  error(frame: Frame, reply: ExpectedReply | undefined): void {
    this.told.push(`error for ${reply?.mode ?? 'nobody'}`)
    this.relayed.push(reply?.bytes ?? Buffer.from(frameView(frame)))
  }

  notice(frame: Frame): void {
    this.relayed.push(Buffer.from(frameView(frame)))
  }

  parameterStatus(frame: Frame): void {
    this.relayed.push(Buffer.from(frameView(frame)))
  }

  notification(frame: Frame): void {
    this.told.push(`notified ${decodeFrame(NotificationResponse, frame).channel}`)
  }

  ready(status: TransactionStatus): void {
    this.told.push(`ready ${status}`)
  }

  idle(): void {
    this.told.push('idle')
  }

  lost(cause: Error): void {
    this.told.push(`lost ${cause.message}`)
  }

  pause(): void {}
  drained(): void {}
}
