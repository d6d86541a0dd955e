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
socket. More cores are used by more processes (\`workers\`), not by a faster one. By
the kernel’s samples, a simple point read of 16 clients is 31 µs in the kernel, 18 µs in Node’s and V8’s own code, 6 µs in the C library and
11 µs in compiled JavaScript, Node’s streams included; the relay’s are 27, 10, 5 and 2 µs: nothing sticks out of what is left. How the pin is
written is no part of it: PostgreSQL plans the guard’s join in 4 µs more than a handwritten condition, a condition in WHERE would be 2 µs less.

**Texts that are unique.** They share a plan, so nothing is parsed; what is left beyond a text that repeats is the lexer (2 µs), the key of the
shape, and putting the scoped text together. Until two texts of a shape have been compiled, they cost as much as a new one: 0.1 to 1.5 ms.

**Transactions of five statements.** Each of the seven texts is a round trip of its own; the limit is the same as that of short statements, seven
times, and it matters less the more the database has to do.

**COPY FROM.** Every byte is looked at for the ends of fields and rows, where PgBouncer passes buffers on: 4 to 5 ms of processor time for a MB, in
one thread. Tried: a loop of its own for bytes within a field, which halved it.

**A noisy neighbour.** The pool gives the next server connection to whoever has used least, but it can’t take back one that is at work, and what
runs shares the cores with everything else. So the loud tenant has a limit (\`limits.concurrentQueries\`) of half the cores; with twice as much the
victim’s p99 was 4 to 6 times what it is alone, on two cores. PgBouncer gives connections to who has waited longest, and that are the 64. What is left: the neighbour’s one statement has a core, and the victim
alone keeps both busy. Runs of 4 s gave 1.2, those of 2 s up to 2.1.

**COPY TO.** Rows are passed on by their headers, as those of a query; runs of 2 s gave 0.84 to 0.97, and the relay’s are no better.

**A connection storm.** A client’s own part in SCRAM is 4,096 rounds of HMAC, some 3 ms of a core: 500 logins a second would take more than
both cores of this machine for pgbench alone. The gateway’s part is about 1.5 ms, PgBouncer’s 0.4 ms.`
