/** Preloaded into the emulator, which by itself listens on every interface. */
import { Server } from 'node:net';

const listen: (this: Server, port: number, host: string) => Server = Server.prototype.listen;

Object.assign(Server.prototype, {
  listen(this: Server, port: number) {
    return listen.call(this, port, '127.0.0.1');
  },
});
