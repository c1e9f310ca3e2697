import { describe, expect, test } from 'vitest'
import { isInOwnNetwork, isPrivateAddress } from './private-address.ts'

describe('isPrivateAddress', () => {
  test.each([
    ['this machine', ['127.0.0.1', '127.255.0.9', '0.0.0.0', '0.1.2.3', '::1', '::']],
    ['private networks', ['10.9.8.7', '172.31.255.1', '192.168.1.1', '100.64.0.1', 'fd12::1']],
    ['the link', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
    ['old site-local addresses', ['fec0::7', 'feff::1']],
    ['special ranges of IPv4', ['192.0.0.170', '198.18.0.1', '203.0.113.5', '240.0.0.1']],
    ['multicast and broadcast', ['224.0.0.251', '239.1.1.1', '255.255.255.255', 'ff02::fb']],
    ['documentation and benchmarks', ['2001:db8::1', '3fff::1', '2001:2::1']],
    ['mapped IPv4', ['::ffff:10.0.0.1', '::ffff:7f00:1', '::ffff:169.254.169.254']],
    ['compatible IPv4', ['::10.0.0.1', '::7f00:1', '::808:808']],
    ['translated IPv4', ['64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '::ffff:0:127.0.0.1']],
    ['the local translation prefix', ['64:ff9b:1::8.8.8.8', '64:ff9b:1:ffff::1']],
    ['6to4', ['2002:7f00:1::1', '2002:c0a8:101::', '2002:808:808::1']],
    ['Teredo', ['2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001::1']],
    ['ISATAP', ['2400:cb00::5efe:192.168.0.1', '2400:cb00::200:5efe:10.0.0.1']],
    ['unassigned prefixes', ['4000::1', 'e000::1', '100::1', '5f00::1']],
    ['what is no address', ['', 'localhost', '1.2.3.4.5', 'fe80::1::2']],
  ])('refuses %s', (_, addresses) => {
    expect(addresses.filter((address) => !isPrivateAddress(address))).toEqual([])
  })

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '192.167.255.255', '198.20.0.1', '11.0.0.1'])(
    'accepts %s',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false)
      expect(isPrivateAddress(`::ffff:${address}`)).toBe(false)
      expect(isPrivateAddress(`64:ff9b::${address}`)).toBe(false)
    },
  )

  test.each(['2606:4700::6810:85e5', '2a00:1450:4001:82a::200e', '2400:cb00:2048:1::1'])(
    'accepts %s',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false)
    },
  )
})

describe('isInOwnNetwork', () => {
  const isOwn = async (url: string): Promise<boolean> => isInOwnNetwork(new URL(url).hostname)

  test.each([
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'http://10.0.0.5:11434',
    'http://[fd00::5]/',
    'http://198.18.3.4/',
  ])('recognises %s', async (url) => {
    expect(await isOwn(url)).toBe(true)
  })

  test.each(['https://[2606:4700::1]/', 'https://203.0.113.1', 'http://[2002:7f00:1::]/'])(
    'gives no trust to %s',
    async (url) => {
      expect(await isOwn(url)).toBe(false)
    },
  )
})
