/** Names under which a secret could reach a log line by mistake. Our lines are flat, so one level is enough. */
export const redacted: readonly string[] = ['authorization', 'secret', 'token', 'password', 'url', 'body', 'path'];
export const censor = '[redacted]';
