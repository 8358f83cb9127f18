import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addressGroup,
  clientAddress,
  isTrustedPeer,
  parseTrustedProxies,
} from '../../src/http/client-address.ts'

const proxies = parseTrustedProxies(['10.0.0.0/8', '::1', '127.0.0.1', '2001:db8:ffff::/48'])

test('X-Forwarded-For counts only as far as trusted proxies wrote it', () => {
  const cases: [string | undefined, string | string[] | undefined, string][] = [
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['10.0.0.1', ['1.1.1.1', '198.51.100.1'], '198.51.100.1'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['10.0.0.1', '198.51.100.1, nonsense', '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, 127.1', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['10.0.0.1', '[2001:db8::9]:4711', '2001:db8::9'],
    ['10.0.0.1', '2001:DB8:0:0::9', '2001:db8::9'],
    ['::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['2001:db8:ffff::1', '198.51.100.1', '198.51.100.1'],
    ['::1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['fe80::1%eth0', undefined, 'fe80::1'],
    [undefined, '198.51.100.1', '0.0.0.0'],
  ]
  for (const [socket, forwarded, expected] of cases) {
    assert.equal(clientAddress(socket, forwarded, proxies), expected, `${socket} ${String(forwarded)}`)
  }
  assert.equal(clientAddress('10.0.0.1', '198.51.100.1', []), '10.0.0.1')
})

test('a long forged header is no work', () => {
  const forged = Array.from({ length: 2_000 }, () => '1.1.1.1').join()
  assert.equal(clientAddress('127.0.0.1', `${forged}, 198.51.100.1`, proxies), '198.51.100.1')
})

test('IPv6 addresses are grouped by /64', () => {
  assert.equal(addressGroup('198.51.100.1'), '198.51.100.1')
  assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  assert.equal(addressGroup('2001:db8:1:2::'), addressGroup('2001:db8:1:2:ffff::1'))
  assert.notEqual(addressGroup('2001:db8:1:2::1'), addressGroup('2001:db8:1:3::1'))
  assert.equal(addressGroup('::ffff:198.51.100.1'), '198.51.100.1')
  assert.equal(addressGroup('not:an:address'), 'not:an:address')
})

test('proxies are addresses or ranges, anything else is named', () => {
  assert.throws(() => parseTrustedProxies(['10.0.0.0/8', 'proxy.example']), /proxy\.example/)
  assert.throws(() => parseTrustedProxies(['10.0.0.0/99']), RangeError)
  assert.equal(isTrustedPeer('10.3.2.1', proxies), true)
  assert.equal(isTrustedPeer('11.3.2.1', proxies), false)
  assert.equal(isTrustedPeer(undefined, proxies), false)
})
