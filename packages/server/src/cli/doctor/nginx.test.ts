import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { directivesOf, nginxFindings } from './nginx.ts'

const FOLDER = join(import.meta.dirname, '../../../../../deploy/nginx')
const good = readFileSync(join(FOLDER, 'round-robin.conf'), 'utf8')

const codesOf = (text: string, trustedProxies = 1) =>
  nginxFindings(text, { trustedProxies })
    .map(({ code }) => code)
    .toSorted()

for (const file of readdirSync(FOLDER)) {
  test(`${file} of this repository has nothing wrong`, () => {
    assert.deepEqual(codesOf(readFileSync(join(FOLDER, file), 'utf8')), [])
  })
}

test('one line that is changed is one finding', () => {
  const changes: readonly (readonly [RegExp, string, string])[] = [
    [/proxy_read_timeout \S+;/, 'proxy_read_timeout 30s;', 'nginx-proxy-read-timeout'],
    [/proxy_read_timeout \S+;/, 'proxy_read_timeout 500ms;', 'nginx-proxy-read-timeout'],
    [/proxy_send_timeout \S+;/, 'proxy_send_timeout 10s;', 'nginx-proxy-send-timeout'],
    [/keepalive_timeout \S+;/, 'keepalive_timeout 2m;', 'nginx-keepalive'],
    [/proxy_set_header Upgrade [^;]+;/, '', 'nginx-upgrade'],
    [/proxy_set_header Connection [^;]+;/, 'proxy_set_header Connection "";', 'nginx-upgrade'],
    [/proxy_http_version 1.1;/, '', 'nginx-http-version'],
    [/proxy_buffering off;/, '# proxy_buffering off;', 'nginx-buffering'],
    [/client_max_body_size \S+;/, 'client_max_body_size 16k;', 'nginx-body-size'],
    [/proxy_set_header X-Forwarded-For [^;]+;/, '', 'nginx-forwarded-for'],
    [/proxy_set_header Host [^;]+;/, 'proxy_set_header Host $host;', 'nginx-host'],
    [/max_fails=0;/, ';', 'nginx-max-fails'],
  ]
  for (const [what, to, code] of changes) {
    const text = good.replace(what, to)
    assert.notEqual(text, good, code)
    assert.deepEqual(codesOf(text), [code], to)
  }
})

test('a proxy that is not trusted makes everybody one address', () => {
  assert.deepEqual(codesOf(good, 0), ['trust-proxy'])
})

test('what is no proxy is told so', () => {
  assert.deepEqual(codesOf('server { listen 80; }'), ['nginx-no-proxy'])
  assert.deepEqual(codesOf(''), ['nginx-no-proxy'])
})

test('directives are read wherever they stand, and comments are not', () => {
  const said = directivesOf('a 1;\n# a 2;\nhttp { a "3 4"; b { a  5   6; } } # a 7;\n')
  assert.deepEqual(said.get('a'), ['1', '"3 4"', '5 6'])
})
