import { expect, test } from 'vitest'
import { dockerAnswers } from '../../../../src/demo/database/docker.js'
import { freePort } from '../../../../src/demo/database/free-port.js'

test('an engine that nobody listens for is no engine', async () => {
  const nowhere = `tcp://127.0.0.1:${await freePort()}`
  expect(await dockerAnswers({ ...process.env, DOCKER_HOST: nowhere })).toBe(false)
})
