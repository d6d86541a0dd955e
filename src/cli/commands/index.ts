import type { Registration } from '../command.js'
import { bench } from './bench.js'
import { demo } from './demo.js'
import { explain } from './explain.js'
import { init } from './init.js'
import { login } from './login.js'
import { serve } from './serve.js'
import { tenant } from './tenant.js'

/** Every command, in the order of `--help`; a new one adds its line here. */
export const COMMANDS: readonly Registration[] = [serve, demo, init, tenant, login, explain, bench]
