// Ties an example to the program that started it: it says when it is ready, and leaves when that program is gone, however it went.
const controller = new AbortController();
const leave = (): void => controller.abort();

process.once('disconnect', leave);
process.once('SIGTERM', leave);
process.once('SIGINT', leave);
// Listening to it shall not keep the process alive once everything else is done.
process.channel?.unref();

export const parent: { readonly ready: () => void; readonly left: AbortSignal } = {
  ready: () => {
    process.send?.('ready');
  },
  left: controller.signal,
};
