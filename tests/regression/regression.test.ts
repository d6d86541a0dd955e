import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FULL } from '../support/world/full.js'
import { Campaign } from './campaign.js'
import { missingFiles, regressionFiles } from './files.js'
import { summaryOf, tableOf, writeReport } from './report.js'
import { ruleOf } from './rules.js'
import type { FileReport } from './run-file.js'

const missing = missingFiles()
const files = missing === null ? regressionFiles() : []
const REPORT = process.env.TENANTGATE_REGRESSION_REPORT ?? join(tmpdir(), 'tenantgate-regression.json')

describe.skipIf(missing !== null)(
  `${FULL ? 'PostgreSQL’s own regression files' : 'a script like those of PostgreSQL’s regression test'}${missing === null ? '' : ` (${missing})`}`,
  () => {
    let campaign: Campaign
    const reports: FileReport[] = []
    beforeAll(async () => {
      campaign = await Campaign.open()
    })
    afterAll(async () => {
      await campaign.close()
      if (!FULL) return
      console.info(tableOf(reports))
      writeReport(REPORT, reports)
    })

    test.each(files)('%s', async (file) => {
      const report = await campaign.run(file)
      reports.push(report)
      const wrong = report.outcomes.filter(({ verdict }) => verdict === 'different' || verdict === 'leak')
      expect(
        wrong.map(({ verdict, line, text, detail }) => `${file}:${line} ${verdict}\n${text}\n${detail}`),
      ).toEqual([])
      expect(report.divergences).toEqual([])
      const refused = report.outcomes.filter(({ verdict, counts }) => verdict === 'refused' && counts)
      expect(refused.filter(({ detail }) => ruleOf(detail) === null)).toEqual([])
    })

    test('of the statements that touch declared tables, at least 95 % pass', () => {
      const { touching, refused } = summaryOf(reports)
      expect(touching).toBeGreaterThan(0)
      expect((100 * (touching - refused)) / touching).toBeGreaterThanOrEqual(95)
    })
  },
)
