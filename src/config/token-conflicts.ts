import type { ConfigurationProblem } from './configuration-error.js'
import type { Configuration } from './schema.js'

type Problem = Omit<ConfigurationProblem, 'line'> & { readonly path: string }

/** What is wrong with `auth.jwt` beside the rest of the configuration. */
export function tokenConflicts({ auth: { jwt }, listen }: Configuration): readonly Problem[] {
  return jwt.jwks === null
    ? withoutKeys(jwt)
    : [...withoutPeer(jwt), ...withoutTls(listen), ...ambiguous(jwt)]
}

type Jwt = Configuration['auth']['jwt']

function withoutKeys({ issuer, audience }: Jwt): readonly Problem[] {
  const given = Object.entries({ issuer, audience }).filter(([, value]) => value !== null)
  return given.map(([name]) => ({
    path: 'auth.jwt.jwks',
    message: `expected the issuer's keys, since auth.jwt.${name} is set`,
  }))
}

function withoutPeer({ issuer, audience }: Jwt): readonly Problem[] {
  const missing = Object.entries({ issuer, audience }).filter(([, value]) => value === null)
  return missing.map(([name]) => ({
    path: `auth.jwt.${name}`,
    message: 'expected what tokens have to say, since auth.jwt.jwks is set',
  }))
}

function withoutTls({ tls: { mode } }: Configuration['listen']): readonly Problem[] {
  if (mode !== 'disable') return []
  return [{ path: 'auth.jwt.jwks', message: 'tokens need TLS, and listen.tls.mode is disable' }]
}

/** One claim can't be two things. */
function ambiguous({ claims }: Jwt): readonly Problem[] {
  const names = Object.entries(claims)
  return names.flatMap(([key, claim], index) => {
    const same = names.slice(0, index).find(([, earlier]) => earlier === claim)
    if (same === undefined) return []
    return [{ path: `auth.jwt.claims.${key}`, message: `names the same claim as auth.jwt.claims.${same[0]}` }]
  })
}
