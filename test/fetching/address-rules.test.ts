import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressRules } from '../../src/fetching/address-rules.ts'

const rules = addressRules({ ports: [80, 443], allow: ['10.1.2.0/24', 'fd00:1::/32'] })

const refused = `0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
  172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.7 224.0.0.1
  239.255.255.255 240.0.0.1 255.255.255.255
  :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1
  100::1 2001::1 2001:2::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1
  fe80::1 fe80::1%eth0 fec0::1 ff02::1`
  .trim()
  .split(/\s+/)

describe('which addresses may be reached', () => {
  for (const address of refused)
    test(`not ${address}`, () => assert.equal(rules.mayReach(address, 443), false))

  for (const address of [
    '8.8.8.8',
    '1.1.1.1',
    '192.0.1.1',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '2a00:1450::1',
  ])
    test(`${address}, on the two ports`, () => {
      assert.equal(rules.mayReach(address, 80), true)
      assert.equal(rules.mayReach(address, 443), true)
      for (const port of [22, 25, 81, 8080, 6379, 0]) assert.equal(rules.mayReach(address, port), false)
    })

  test('what the operator allows, on any port, and nothing beside it', () => {
    assert.equal(rules.mayReach('10.1.2.3', 6379), true)
    assert.equal(rules.mayReach('fd00:1::5', 8080), true)
    assert.equal(rules.mayReach('10.1.3.3', 80), false)
    assert.equal(rules.mayReach('::ffff:10.1.2.3', 80), false)
  })

  test('nothing that is no address', () => {
    for (const text of ['', 'localhost', '1.2.3.4.5', '0x7f.1x', 'example.com'])
      assert.equal(rules.mayReach(text, 80), false)
  })
})
