import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** The sockets of one client, which can be given up together. */
export interface KafkaSockets {
  readonly open: ISocketFactory;
  /**
   * Destroys what is open and refuses to open more. The client sends what failed again on the very socket that died without
   * saying so, and its own disconnecting waits for an answer: this ends both at once.
   */
  abandon(): void;
}

const keepAliveMs = 30_000;

export const kafkaSockets = (): KafkaSockets => {
  const live = new Set<Socket>();
  let abandoned = false;
  return {
    open: ({ host, port, ssl, onConnect }) => {
      if (abandoned) throw new Error('this client was given up');
      const socket = isTls(ssl)
        ? connectTls({ ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl, host, port }, onConnect)
        : connectTcp({ host, port }, onConnect);
      socket.setKeepAlive(true, keepAliveMs);
      live.add(socket);
      socket.once('close', () => live.delete(socket));
      return socket;
    },
    abandon: () => {
      abandoned = true;
      for (const socket of live) giveUp(socket);
    },
  };
};

/** An end is what the client rejects its open requests on at once, sign-ins included, without a word in the log. */
const giveUp = (socket: Socket): void => {
  if (socket.connecting) socket.destroy(new Error('given up'));
  else {
    socket.destroy();
    socket.emit('end');
  }
};

/** The client's type says always: without TLS it hands over nothing, or false. */
const isTls = (ssl: unknown): boolean => typeof ssl === 'object' && ssl !== null;
