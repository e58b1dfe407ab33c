/** How the web app is built, and where the development server finds the chat server. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env.MADANG_URL ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react()],
  server: {
    proxy: {
      '/api': { target: server },
      '/socket.io': { target: server, ws: true },
    },
  },
  build: {
    // Everything the app needs of CSS and JavaScript is in these; older browsers get no second build.
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    // A data: URL would need `img-src data:` in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
