// Hubot with an adapter that keeps the last answer in place of a chat network. Not a contestant by itself.
process.env.HUBOT_LOG_LEVEL = 'silent';
const { Adapter, Robot, TextMessage, User } = await import('hubot');

class Sink extends Adapter {
  last;

  async send(_envelope, ...texts) {
    this.last = texts.at(-1);
  }

  async reply(envelope, ...texts) {
    return this.send(envelope, ...texts);
  }

  async run() {
    this.emit('connected');
  }

  close() {}
}

/** A running robot named hubot without its web server, and the door its adapters use. */
export async function startRobot() {
  const robot = new Robot({ use: (owner) => new Sink(owner), name: 'sink' }, false, 'hubot');
  await robot.loadAdapter();
  await robot.run();
  const user = new User('1', { name: 'john', room: 'ops' });
  return {
    robot,
    receive: async (text) => {
      robot.adapter.last = undefined;
      await robot.receive(new TextMessage(user, text, '1'));
      return robot.adapter.last;
    },
  };
}
