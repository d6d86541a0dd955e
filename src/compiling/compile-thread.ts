/** What runs in a thread of its own: compiles one text after the other, on a large stack. */
import { getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '../core/invariant.js'
import { compileText } from '../sql/compile.js'
import { loadOneParser, ParserTrap } from '../sql/parser.js'
import { packPlan, transferredBuffers } from '../sql/plan-transfer.js'
import { packError } from './error-transfer.js'
import { SchemaAssembly } from './schema-transfer.js'
import {
  type CompileMessage,
  READY,
  type ThreadAnswer,
  type ThreadData,
  type ThreadRequest,
} from './thread-messages.js'

invariant(parentPort !== null, 'it runs in a thread')
const port = parentPort
const { limits } = workerData as ThreadData
const schema = new SchemaAssembly()

await loadOneParser()
port.on('message', (request: ThreadRequest) => {
  if (request.kind === 'compile') answer(request)
  else schema.take(request)
})
port.postMessage(READY)

function answer({ text, context, tenants }: CompileMessage): void {
  try {
    const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
    const plan = packPlan(compileText(bytes, { ...context, ...schema.value }, limits), tenants)
    post({ plan, isSpent: false, memoryBytes: memoryBytes() }, transferredBuffers(plan))
  } catch (error) {
    const isSpent = error instanceof Error && error.cause instanceof ParserTrap
    post({ error: packError(error), isSpent, memoryBytes: memoryBytes() })
  }
}

function post(message: ThreadAnswer, transferred: readonly ArrayBufferLike[] = []): void {
  port.postMessage(message, transferred as ArrayBuffer[])
}

function memoryBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics()
  return total_heap_size + external_memory
}
