/** Preloaded into the emulator, which by itself listens on every interface. */
import { Server } from 'node:net';

const listen = Server.prototype.listen;

Server.prototype.listen = function onLoopback(this: Server, port: number) {
  return listen.call(this, port, '127.0.0.1');
} as typeof listen;
