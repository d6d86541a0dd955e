/** Why some goals aren't reached: what was found with profiles, for the page; not a part of any run. */
export const LIMITS = `## Where a goal isn’t reached: the limit, why, and what was tried

**Short statements beside PgBouncer.** A statement costs a process in the middle two reads and two writes. PgBouncer does them in C; Node’s sockets
and streams take longer for the same four calls, as the relay shows, which adds nothing to them: with 16 connections that only echo it spends
15 µs in the kernel and 15 µs in Node for one message there and back. On a machine of few cores the middle competes with the database and the
load, so that processor time becomes throughput. One process of tenantgate can come near the relay, and neither reaches PgBouncer here. What
tenantgate does outside of system calls is, by its profile, a third Node’s streams, a quarter finding the plan and binding it to the tenant (a
tenth more where literals have to be lifted), a sixth lending and taking back a server connection, and the rest taking messages apart. Tried:
buffers of our own for reading (\`onread\` of \`net.connect\`), which save 1 to 3 µs of a read, cost a copy of what has to wait, and aren’t
used; a histogram of the metrics library for each lease cost 3 %, and was replaced; keys of contexts, allocations that found nothing and the
reordering of prepared statements were another 8 %. All that comes up while one chunk is handled already leaves in one write for each
socket. More cores are used by more processes (\`workers\`), not by a faster one.

**Texts that are unique.** They share a plan, so nothing is parsed; what is left beyond a text that repeats is the lexer (2 µs), the key of the
shape, and putting the scoped text together. Until two texts of a shape have been compiled, they cost as much as a new one: 0.1 to 1.5 ms.

**Transactions of five statements.** Each of the seven texts is a round trip of its own; the limit is the same as that of short statements, seven
times, and it matters less the more the database has to do.

**COPY FROM.** Every byte is looked at for the ends of fields and rows, where PgBouncer passes buffers on: 4 to 5 ms of processor time for a MB, in
one thread. Tried: a loop of its own for bytes within a field, which halved it.

**A noisy neighbour.** The pool gives the next server connection to whoever has used least, and the loud tenant’s limit
(\`limits.concurrentQueries\`, 4 here) leaves the others’ connections free. What is left is outside of a gateway’s reach: four long statements on two
cores, and the victim’s backend, the load and the gateway have to share these cores with them.

**A connection storm.** A client’s own part in SCRAM is 4,096 rounds of HMAC, some 3 ms of a core: 500 logins a second would take more than
both cores of this machine for pgbench alone. The gateway’s part is about 1.5 ms, PgBouncer’s 0.4 ms.`
