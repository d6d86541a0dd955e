import { z } from 'zod'
import { TOKEN_ALGORITHMS } from '../auth/jwt/token-rules.js'
import { keySource } from './key-source.js'
import { key, section } from './keys.js'

const name = z.string().min(1)
const text = z.string().min(1).nullable()

/** `auth`: how clients prove who they are. */
export const auth = section(
  {
    jwt: section(
      {
        jwks: key(keySource.nullable().default(null), {
          description:
            'The issuer’s public keys, a JSON Web Key Set: a file, or an `https://` URL. Null: no tokens. They are read again when they change, and when a token names a key that isn’t among them.',
        }),
        issuer: key(text.default(null), { description: 'What the claim `iss` has to be, to the letter.' }),
        audience: key(text.default(null), { description: 'What the claim `aud` has to be, or to hold.' }),
        user: key(z.string().min(1).max(63).default('token'), {
          description:
            'The user name with which clients say that their password is a token. A login of the catalog that has this name can’t be used.',
        }),
        algorithms: key(
          z.array(z.enum(TOKEN_ALGORITHMS)).min(1).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
          {
            description: `How tokens may be signed: ${TOKEN_ALGORITHMS.map((name) => `\`${name}\``).join(', ')}.`,
          },
        ),
        claims: section(
          {
            subject: key(name.default('sub'), { description: 'Who it is, for the audit.' }),
            tenant: key(name.default('tenant'), { description: 'The id of the tenant.' }),
            tenants: key(name.default('tenants'), {
              description: 'A list of ids, for kind `analyst`; a token has one of the two claims.',
            }),
            kind: key(name.default('kind'), {
              description: '`app`, `reader` or `analyst`; there is no default, and no operator by token.',
            }),
          },
          'Names of the claims that say who and whose; each stands at the token’s top level.',
        ),
        clockToleranceSeconds: key(z.int().min(0).max(300).default(5), {
          description: 'How far the issuer’s clock may differ, at the beginning of a token as at its end.',
          unit: 's',
        }),
      },
      'JSON Web Tokens in the place of passwords, over TLS only. A session ends with its token.',
    ),
  },
  'How clients prove who they are, beside the passwords and certificates of logins.',
)
