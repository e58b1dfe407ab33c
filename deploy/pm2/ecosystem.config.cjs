// Madang under PM2, from the repository's root, after `npm ci` and `npm run build`:
//
//   pm2 start deploy/pm2/ecosystem.config.cjs
//   pm2 sendSignal SIGHUP madang        new workers for old, one by one, without losing a connection that could move
//
// One process that PM2 watches, with a worker for each core: workers share the port, carry events between each other, and hand long-polling to the one that has
// the session. PM2's own cluster mode (exec_mode: 'cluster') does neither, and is not needed.
const { join } = require('node:path')

const ROOT = join(__dirname, '../..')

module.exports = {
  apps: [
    {
      name: 'madang',
      script: 'packages/server/src/main.ts',
      cwd: ROOT,
      // Node itself, 24.16 or later: it runs TypeScript as it is. PM2 would take another runtime for .ts.
      interpreter: 'node',
      exec_mode: 'fork',
      instances: 1,
      // A node gives itself 29 s from SIGTERM to its end; then PM2 kills it.
      kill_timeout: 35_000,
      // The bounds of the server keep it small; this is for the day on which they do not.
      max_memory_restart: '2G',
      exp_backoff_restart_delay: 200,
      // Secrets (DATABASE_URL, REDIS_URL, JWT_SECRET, ...) stand in .env of the root, which the server reads, and not here.
      env: {
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: '3000',
        WORKERS: 'auto',
        TRUST_PROXY: '1',
      },
    },
  ],
}
