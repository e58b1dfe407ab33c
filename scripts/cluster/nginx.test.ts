import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withAddresses } from './nginx.ts'

const CONF = `map $http_upgrade $connection_upgrade { default upgrade; }
upstream madang {
    # In turn.
    server node-1:3000 max_fails=0;
    server node-2:3000 max_fails=0;
    keepalive 64;
}
server {
    listen 80;
    listen [::]:80;
    location / { proxy_pass http://madang; }
}
`

test('addresses are replaced, and everything else stays as it is written', () => {
  assert.equal(
    withAddresses(CONF, ['127.0.0.1:5001', '127.0.0.1:5002', '127.0.0.1:5003'], '127.0.0.1:8080'),
    `map $http_upgrade $connection_upgrade { default upgrade; }
upstream madang {
    server 127.0.0.1:5001 max_fails=0;
    server 127.0.0.1:5002 max_fails=0;
    server 127.0.0.1:5003 max_fails=0;
    # In turn.
    keepalive 64;
}
server {
    listen 127.0.0.1:8080;
    location / { proxy_pass http://madang; }
}
`,
  )
})
