// In a topic: asked once, when its reader comes near.

import { Showing } from "./showing.js";

const NEAR = "600px";

/**
 * Elements by topic: a page may hold several places for one topic, and its first is the one that speaks.
 *
 * @type {Map<string, PasserelleTopic>}
 */
const speaking = new Map();

/** @type {Set<PasserelleTopic>} */
const waiting = new Set();

export class PasserelleTopic extends Showing {
  static observedAttributes = [
    "data-topic",
    "data-user",
    "data-service",
    "data-lang",
    "data-archetype",
  ];

  /** @type {IntersectionObserver | null} */
  watch = null;

  disconnectedCallback() {
    waiting.delete(this);
    this.leave();
    super.disconnectedCallback();
  }

  restart() {
    this.leave();
    this.giveUp();
    this.clear();
    const topic = Number(this.dataset.topic);
    if (!this.takesPart || !Number.isInteger(topic) || topic < 1) {
      return;
    }
    if (speaking.has(`${topic}`)) {
      waiting.add(this);
      return;
    }
    waiting.delete(this);
    speaking.set(`${topic}`, this);
    this.watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) {
          this.watch?.disconnect();
          this.look(topic);
        }
      },
      { rootMargin: NEAR }
    );
    this.watch.observe(this);
  }

  leave() {
    this.watch?.disconnect();
    this.watch = null;
    for (const [topic, one] of speaking) {
      if (one === this) {
        speaking.delete(topic);
        queueMicrotask(() => this.handOver(topic));
      }
    }
  }

  /**
   * Let another place for this topic speak, where there is one.
   *
   * @param {string} topic
   */
  handOver(topic) {
    for (const one of waiting) {
      if (one !== this && one.dataset.topic === topic) {
        one.restart();
      }
    }
  }

  /** @param {number} topic */
  async look(topic) {
    const { fresh, found } = await this.ask("topic", { topic_id: topic });
    if (fresh && found) {
      this.show(found, { newTab: false, compact: false });
    }
  }
}
