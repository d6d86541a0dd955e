/** Which way a message travels; the same type byte means different messages. */
export type Direction = 'frontend' | 'backend'

/**
 * Every message type of protocol 3, by type byte.
 *
 * `p` and `R` stand for families whose members share the byte.
 *
 * Source   https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
const NAMES: Readonly<Record<Direction, ReadonlyMap<string, string>>> = {
  frontend: new Map([
    ['B', 'Bind'],
    ['C', 'Close'],
    ['D', 'Describe'],
    ['E', 'Execute'],
    ['F', 'FunctionCall'],
    ['H', 'Flush'],
    ['P', 'Parse'],
    ['Q', 'Query'],
    ['S', 'Sync'],
    ['X', 'Terminate'],
    ['c', 'CopyDone'],
    ['d', 'CopyData'],
    ['f', 'CopyFail'],
    ['p', 'PasswordMessage'],
  ]),
  backend: new Map([
    ['1', 'ParseComplete'],
    ['2', 'BindComplete'],
    ['3', 'CloseComplete'],
    ['A', 'NotificationResponse'],
    ['C', 'CommandComplete'],
    ['D', 'DataRow'],
    ['E', 'ErrorResponse'],
    ['G', 'CopyInResponse'],
    ['H', 'CopyOutResponse'],
    ['I', 'EmptyQueryResponse'],
    ['K', 'BackendKeyData'],
    ['N', 'NoticeResponse'],
    ['R', 'Authentication'],
    ['S', 'ParameterStatus'],
    ['T', 'RowDescription'],
    ['V', 'FunctionCallResponse'],
    ['W', 'CopyBothResponse'],
    ['Z', 'ReadyForQuery'],
    ['c', 'CopyDone'],
    ['d', 'CopyData'],
    ['n', 'NoData'],
    ['s', 'PortalSuspended'],
    ['t', 'ParameterDescription'],
    ['v', 'NegotiateProtocolVersion'],
  ]),
}

/** The manual's name of a type byte, undefined where the protocol has none. */
export function messageName(direction: Direction, type: number): string | undefined {
  return NAMES[direction].get(String.fromCharCode(type))
}

/** All type bytes of a direction. */
export function messageTypes(direction: Direction): readonly string[] {
  return [...NAMES[direction].keys()]
}
