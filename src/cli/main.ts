#!/usr/bin/env node
import { run } from './run.js'
import { ProcessTerminal } from './terminal.js'

process.exitCode = await run(process.argv.slice(2), ProcessTerminal)
