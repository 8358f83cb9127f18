import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { describe, test } from 'node:test'
import { ConfigError, readConfig, settingsTable } from '../src/config.ts'

describe('settings', () => {
  test('nothing needs to be set', () => {
    const config = readConfig({})
    assert.equal(config.VITRINE_HOST, '127.0.0.1')
    assert.equal(config.VITRINE_PORT, 8080)
    assert.equal(config.VITRINE_URL, null)
    assert.ok(isAbsolute(config.data) && config.data.endsWith('data'))
  })

  test('values are read into what they mean; an empty one counts as not set', () => {
    const config = readConfig({
      VITRINE_PORT: ' 0 ',
      VITRINE_URL: 'https://pictures.example/',
      VITRINE_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8 ::1',
      VITRINE_DRIBBBLE_HOSTS: 'API.pictures.example',
      VITRINE_DRIBBBLE_ANONYMOUS: 'no',
      VITRINE_DRIBBBLE_V1_LIMITS: '600/60,20000/86400',
      VITRINE_DATA: '',
      PATH: '/usr/bin',
    })
    assert.equal(config.VITRINE_PORT, 0)
    assert.equal(config.VITRINE_URL?.host, 'pictures.example')
    assert.deepEqual(config.VITRINE_TRUSTED_PROXIES, ['127.0.0.1/32', '10.0.0.0/8', '::1/128'])
    assert.deepEqual(config.VITRINE_DRIBBBLE_HOSTS, ['api.pictures.example'])
    assert.equal(config.VITRINE_DRIBBBLE_ANONYMOUS, false)
    assert.deepEqual(config.VITRINE_DRIBBBLE_V1_LIMITS, {
      windows: [
        { limit: 600, seconds: 60 },
        { limit: 20_000, seconds: 86_400 },
      ],
    })
    assert.ok(config.data.endsWith('data'))
  })

  test('everything that is wrong is said at once', () => {
    const wrong = {
      VITRINE_PORT: '99999',
      VITRINE_URL: 'ftp://x',
      VITRINE_TRUSTED_PROXIES: 'everybody',
      VITRINE_DRIBBBLE_V2_LIMITS: '0',
      VITRINE_DRIBBBLE_DIMENSIONS: 'large',
      VITRINE_CORS_ORIGINS: 'app.example',
      VITRINE_SECRET: 'short',
      VITRINE_PROT: '80',
      DATABASE_URL: 'mysql://x',
    }
    try {
      readConfig(wrong)
      assert.fail('it was accepted')
    } catch (error) {
      assert.ok(error instanceof ConfigError)
      assert.deepEqual(
        error.problems.map((problem) => problem.split(' ')[0] ?? '').toSorted(),
        Object.keys(wrong).toSorted(),
      )
      assert.ok(error.problems.includes('VITRINE_PORT must be a whole number from 0 to 65535.'))
      assert.ok(error.problems.includes('VITRINE_PROT is no setting of Vitrine.'))
    }
  })

  test('docs/running.md holds the table of all settings', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/running.md'), 'utf8')
    assert.ok(page.includes(settingsTable()), 'print it anew: node --import tsx scripts/settings-table.ts')
  })
})
