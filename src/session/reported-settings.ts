/** Settings that would name the server's role, or that the gateway keeps itself. */
const NOT_REPORTED: ReadonlySet<string> = new Set([
  'is_superuser',
  'session_authorization',
  'search_path',
  'role',
])

/** Whether a client is told when the server's value of a setting changes. */
export function isReported(parameter: string): boolean {
  return !NOT_REPORTED.has(parameter)
}
