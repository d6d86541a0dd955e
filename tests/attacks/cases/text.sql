-- a second statement
SELECT 1; SELECT title FROM tasks;

-- a second statement after empty ones
;;SELECT 1;; ;SELECT title FROM tasks;;

-- a second statement behind a comment
SELECT 1 /* ; */; /* SELECT */ SELECT title FROM tasks -- end

-- a statement behind a line comment that ends with a carriage return only
SELECT 1 --c
; SELECT title FROM tasks;

-- a string that holds a comment
SELECT '/*', title, '*/' FROM tasks;

-- a string that holds a semicolon
SELECT ';', title FROM tasks WHERE title <> '; --';

-- a dollar-quoted string that holds a quote
SELECT $a$'$a$, title FROM tasks WHERE title <> $b$ $a$ $b$;

-- dollar quoting with nested tags
SELECT $x$ $y$ $x$, title FROM tasks WHERE $y$ $x$ $y$ <> title;

-- an escape string with an escaped quote
SELECT E'\' FROM countries; --', title FROM tasks;

-- strings that continue on the next line
SELECT 'a'
'b', title FROM tasks;

-- a string with a backslash at its end
SELECT '\', title FROM tasks; --'

-- a nested comment that ends where a naive one would not
SELECT /* /* */ */ title FROM tasks;

-- an operator that begins like a comment
SELECT 1 +/* */1, title FROM tasks;

-- minus minus is a comment even in an operator
SELECT 2 *--1
3, title FROM tasks;

-- text outside ASCII before the name
SELECT 'é€😀', title FROM tasks;

-- names outside ASCII
SELECT "Größe", title FROM projects ORDER BY "Größe";

-- a character of several bytes as an alias
SELECT "日本".title FROM tasks AS "日本" JOIN projects "ü" ON true;

-- a no-break space is part of a name
SELECT title AS   FROM tasks;

-- a transaction around it
BEGIN; SELECT title FROM tasks; COMMIT;

-- a failed transaction ended in the same text
BEGIN; SELECT 1; ROLLBACK; SELECT title FROM tasks;

-- COMMIT in front of it
COMMIT; SELECT title FROM tasks;

-- a parameter's place in quotes
--! params: ["x"]
SELECT title, '$1' FROM tasks WHERE title <> $1;

-- optimiser hints stay comments
/*+ SeqScan(tasks) */ SELECT title FROM tasks;

-- a comment of an application's tracer
SELECT title FROM tasks /*controller='x*/ /*',action='y'*/;

-- psql's backslash in a text
SELECT title FROM tasks WHERE title <> '\d';

-- type names as quoted text
SELECT text 'x', date '2024-01-01', title FROM tasks;

-- JSON with quotes
SELECT '{"a": "''"}'::jsonb->>'a', title FROM tasks;
