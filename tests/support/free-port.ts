export { freePort } from '../../src/demo/database/free-port.js'
