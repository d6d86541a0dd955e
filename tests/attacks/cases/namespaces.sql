-- LISTEN to a channel of all
--! notify: kanal
LISTEN kanal;

-- LISTEN to a channel of all, quoted
--! notify: kanal
LISTEN "kanal"; LISTEN U&"k\0061nal";

-- LISTEN to another tenant's channel by the name that the server has for it
--! notify: tg_68108cc24d5bb5ae6b84aa89f6fb0a9a74252373
LISTEN tg_68108cc24d5bb5ae6b84aa89f6fb0a9a74252373;

-- LISTEN that a savepoint doesn't take back
--! notify: kanal
BEGIN; LISTEN kanal; SAVEPOINT a; UNLISTEN kanal; ROLLBACK TO a; COMMIT;

-- NOTIFY a channel of all
--! listen: kanal
NOTIFY kanal, 'from seven';

-- NOTIFY another tenant's channel by the name that the server has for it
--! listen: tg_68108cc24d5bb5ae6b84aa89f6fb0a9a74252373
NOTIFY tg_68108cc24d5bb5ae6b84aa89f6fb0a9a74252373, 'from seven';

-- a notification sent by function
--! listen: kanal
SELECT pg_notify('kanal', 'from seven');

-- by function to another tenant's channel
--! listen: tg_68108cc24d5bb5ae6b84aa89f6fb0a9a74252373
SELECT pg_catalog.pg_notify('tg_68108cc24d5bb5ae6b84aa89f6fb0a9a74252373', 'from seven');

-- to a channel that is put together
--! listen: kanal
SELECT pg_notify(c || 'nal', 'from seven') FROM (VALUES ('ka'), ('ba')) v (c);

-- to a channel that is computed as the gateway does
--! listen: tg_68108cc24d5bb5ae6b84aa89f6fb0a9a74252373
SELECT pg_notify('tg_' || left(encode(sha256('8/kanal'), 'hex'), 40), 'from seven');

-- to a channel by parameter
--! listen: kanal
--! params: ["kanal", "from seven"]
SELECT pg_notify($1, $2);

-- a notification from a common table expression
--! listen: kanal
WITH sent AS (SELECT pg_notify('kanal', 'from seven')) SELECT * FROM sent;

-- a notification from FROM
--! listen: kanal
SELECT * FROM pg_notify('kanal', 'from seven') AS sent;

-- a notification while rows are copied out
--! listen: kanal
COPY (SELECT pg_notify('kanal', 'from seven')) TO STDOUT;

-- a notification that a prepared statement sends
--! listen: kanal
PREPARE p (text) AS SELECT pg_notify($1, 'from seven'); EXECUTE p ('kanal');

-- a notification that a cursor sends
--! listen: kanal
BEGIN; DECLARE c CURSOR FOR SELECT pg_notify('kanal', 'from seven'); FETCH c; COMMIT;

-- rows told to oneself by a filter
--! compare: errors
LISTEN mine; SELECT count(*) FROM tasks WHERE pg_notify('mine', title) IS NOT NULL;

-- rows told to oneself beside a cheap filter
--! compare: errors
LISTEN mine; SELECT count(*) FROM tasks WHERE points IS NOT NULL AND (pg_notify('mine', title) IS NULL OR id > 0);

-- rows told to oneself by a join
--! compare: errors
LISTEN mine; SELECT count(*) FROM countries c LEFT JOIN tasks t ON pg_notify('mine', t.title) IS NOT NULL;

-- rows told to oneself while they are sorted
--! compare: errors
LISTEN mine; SELECT id FROM tasks ORDER BY pg_notify('mine', title) IS NULL, id LIMIT 1;

-- rows told to oneself by a grouped filter
--! compare: errors
LISTEN mine; SELECT title FROM tasks GROUP BY title HAVING pg_notify('mine', title) IS NOT NULL;

-- rows told to oneself by a subquery that runs when it is asked for
--! compare: errors
LISTEN mine; SELECT id FROM tasks WHERE id > 0 AND (SELECT pg_notify('mine', title)) IS NOT NULL;

-- rows told to oneself by a change
--! compare: errors
LISTEN mine; UPDATE coupons SET note = note WHERE pg_notify('mine', note) IS NOT NULL;

-- an advisory lock
--! probe: SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 424242
SELECT pg_advisory_lock(424242);

-- an advisory lock tried
--! probe: SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 424243
SELECT pg_try_advisory_lock(424243);

-- a shared advisory lock of two keys
--! probe: SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 424244
SELECT pg_advisory_lock_shared(1, 424244);

-- a lock of the transaction
--! probe: SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 424245
BEGIN; SELECT pg_advisory_xact_lock(424245);

-- a lock that another tenant has
--! locks: 424246
SELECT pg_try_advisory_lock(424246);

-- a lock of two keys that another tenant has
--! locks: 4, 424247
SELECT pg_try_advisory_xact_lock(4, 424247);

-- a shared lock of what another tenant has
--! locks: 424248
SELECT pg_try_advisory_lock_shared(424248), pg_try_advisory_xact_lock_shared(424248);

-- a lock by parameter
--! locks: 424249
--! params: ["424249"]
SELECT pg_try_advisory_lock($1);

-- a lock by an expression
--! locks: 424250
SELECT pg_try_advisory_lock(k) FROM generate_series(424249, 424251) k;

-- a lock by attribute notation
--! locks: 424251
SELECT (424251::int8).pg_try_advisory_lock;

-- a lock by attribute notation, beside a subquery without a name that has such a column
--! since: 16
--! locks: 424252
SELECT (424252::int8).pg_try_advisory_lock FROM (SELECT 1 AS pg_try_advisory_lock);

-- a lock by attribute notation of a function's row
--! locks: 424253
SELECT k.pg_try_advisory_lock FROM generate_series(424253, 424253) k;

-- a lock in FROM
--! locks: 424254
SELECT * FROM pg_try_advisory_lock(424254) AS locked;

-- a lock that a cursor takes
--! locks: 424255
BEGIN; DECLARE c CURSOR FOR SELECT pg_try_advisory_lock(424255); FETCH c; COMMIT;

-- a lock that a prepared statement takes
--! locks: 424256
PREPARE p (int8) AS SELECT pg_try_advisory_lock($1); EXECUTE p (424256);

-- a lock of a key of the other kind, which is another lock
--! locks: 424257
SELECT pg_try_advisory_lock(0, 424257), pg_try_advisory_lock(424257);

-- a lock taken for each row that is read
--! probe: SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid IN (SELECT id FROM tasks)
SELECT count(*) FROM tasks WHERE pg_try_advisory_lock(id);

-- another's lock given back
--! locks: 424258
SELECT pg_advisory_unlock(424258), pg_advisory_unlock_shared(424258), pg_try_advisory_lock(424258);
