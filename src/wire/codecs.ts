import type { Codec } from './codec.js'
import type { Direction } from './message-names.js'
import { AuthenticationCleartextPassword } from './messages/authentication-cleartext-password.js'
import { AuthenticationOk } from './messages/authentication-ok.js'
import { AuthenticationSASL } from './messages/authentication-sasl.js'
import { AuthenticationSASLContinue } from './messages/authentication-sasl-continue.js'
import { AuthenticationSASLFinal } from './messages/authentication-sasl-final.js'
import { BackendKeyData } from './messages/backend-key-data.js'
import { Bind } from './messages/bind.js'
import { BindComplete } from './messages/bind-complete.js'
import { Close } from './messages/close.js'
import { CloseComplete } from './messages/close-complete.js'
import { CommandComplete } from './messages/command-complete.js'
import { CopyBothResponse } from './messages/copy-both-response.js'
import { CopyData } from './messages/copy-data.js'
import { CopyDone } from './messages/copy-done.js'
import { CopyFail } from './messages/copy-fail.js'
import { CopyInResponse } from './messages/copy-in-response.js'
import { CopyOutResponse } from './messages/copy-out-response.js'
import { DataRow } from './messages/data-row.js'
import { Describe } from './messages/describe.js'
import { EmptyQueryResponse } from './messages/empty-query-response.js'
import { ErrorResponse } from './messages/error-response.js'
import { Execute } from './messages/execute.js'
import { Flush } from './messages/flush.js'
import { FunctionCall } from './messages/function-call.js'
import { NegotiateProtocolVersion } from './messages/negotiate-protocol-version.js'
import { NoData } from './messages/no-data.js'
import { NoticeResponse } from './messages/notice-response.js'
import { NotificationResponse } from './messages/notification-response.js'
import { ParameterDescription } from './messages/parameter-description.js'
import { ParameterStatus } from './messages/parameter-status.js'
import { Parse } from './messages/parse.js'
import { ParseComplete } from './messages/parse-complete.js'
import { PasswordMessage } from './messages/password-message.js'
import { PortalSuspended } from './messages/portal-suspended.js'
import { Query } from './messages/query.js'
import { ReadyForQuery } from './messages/ready-for-query.js'
import { RowDescription } from './messages/row-description.js'
import { SASLInitialResponse } from './messages/sasl-initial-response.js'
import { SASLResponse } from './messages/sasl-response.js'
import { Sync } from './messages/sync.js'
import { Terminate } from './messages/terminate.js'

/** All codecs, for what looks at any message: traces and tests. The session imports the ones it needs. */
export const CODECS: Readonly<Record<Direction, readonly Codec<unknown>[]>> = {
  frontend: [
    ...[Bind, Close, CopyData, CopyDone, CopyFail, Describe, Execute, Flush, FunctionCall, Parse, Query],
    ...[PasswordMessage, SASLInitialResponse, SASLResponse, Sync, Terminate],
  ] as readonly Codec<unknown>[],
  backend: [
    ...[AuthenticationCleartextPassword, AuthenticationOk],
    ...[AuthenticationSASL, AuthenticationSASLContinue, AuthenticationSASLFinal],
    ...[BackendKeyData, BindComplete, CloseComplete, CommandComplete, CopyData, CopyDone],
    ...[CopyInResponse, CopyOutResponse, CopyBothResponse, DataRow, EmptyQueryResponse, ErrorResponse],
    ...[NegotiateProtocolVersion, NoData, NoticeResponse, NotificationResponse, ParameterDescription],
    ...[ParameterStatus, ParseComplete, PortalSuspended, ReadyForQuery, RowDescription],
  ] as readonly Codec<unknown>[],
}
