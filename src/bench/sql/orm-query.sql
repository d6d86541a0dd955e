SELECT "t0"."aid" AS "c0", "t0"."abalance" AS "c1", "t1"."bid" AS "c2", "t1"."bbalance" AS "c3",
       coalesce("agg"."total", 0) AS "c4", "agg"."latest" AS "c5"
FROM "accounts" AS "t0"
INNER JOIN "branches" AS "t1" ON "t1"."bid" = "t0"."bid"
LEFT OUTER JOIN (
  SELECT "t2"."aid" AS "aid", sum("t2"."delta") AS "total", max("t2"."made_at") AS "latest"
  FROM "history" AS "t2"
  WHERE "t2"."delta" > $1
  GROUP BY "t2"."aid"
) AS "agg" ON "agg"."aid" = "t0"."aid"
WHERE ("t0"."abalance" >= $2 AND "t1"."bbalance" IS NOT NULL)
  AND EXISTS (SELECT 1 FROM "tellers" AS "t3" WHERE "t3"."bid" = "t1"."bid" AND "t3"."tbalance" <> $3)
  AND "t0"."aid" IN ($4, $5, $6, $7)
ORDER BY "t0"."abalance" DESC, "t0"."aid" ASC
LIMIT 20 OFFSET 0
