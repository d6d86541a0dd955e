import type { ErrorSpec } from '../../src/core/error-spec.js'

/** `docs/errors.md`, from the error table and the advice beside it. */
export function errorsPage(
  table: Readonly<Record<string, ErrorSpec<never>>>,
  advice: Readonly<Record<string, string>>,
): string {
  const sections = Object.entries(table).map(([code, spec]) => section(code, spec, advice[code] ?? ''))
  return `# Errors

<!-- Written from src/core/errors.ts and tests/docs/error-advice.ts by tests/docs/generated.test.ts (\`npx vitest run tests/docs -u\`); do not edit. -->

Every error that the gateway itself raises. Errors of the database are relayed with their own SQLSTATE and are not listed.
The code is what the audit and the metric \`tenantgate_refusals_total\` call \`reason\`. FATAL ends the connection.
A refused statement's message ends with its incident id, which the audit event carries as well.

${sections.join('\n\n')}
`
}

function section(code: string, spec: ErrorSpec<never>, advice: string): string {
  return `## ${code}\n\n\`${spec.sqlstate}\` ${spec.severity} — ${sentence(spec)}\n\n${advice}`
}

/** The message with each parameter's name in its place. */
function sentence(spec: ErrorSpec<never>): string {
  const names = new Proxy({}, { get: (_, name) => `‹${String(name)}›` })
  return spec.message(names as never)
}
