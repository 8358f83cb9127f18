/** Prints the table of settings for docs/running.md: `node --import tsx scripts/settings-table.ts`. */
import { settingsTable } from '../src/config.ts'

process.stdout.write(`${settingsTable()}\n`)
