/** The name of the session cookie, which both doors read. */
export const SESSION_COOKIE = 'madang_session'
