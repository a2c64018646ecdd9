// A hand that counts what it does: one tap, click, choice or typed field is one input.

import * as step from "./steps.mjs";

/** Seconds of a thumb, after the keystroke-level model and its later forms for touch (ours where they
 * differ): to make up one's mind, and to move and touch. Who reads a question makes up their mind
 * meanwhile. */
const MIND = 1.2;
const TOUCH = 0.6;
/** Seconds a word, read for the first time and skimmed by who has seen it before: 250 and 450 a minute. */
export const FIRST = 60 / 250;
export const AGAIN = 60 / 450;
/** Asked only where sex and age make it possible: left open for a man. */
const NOT_HIS = ["pregnancy"];

export class Hand {
  inputs = 0;
  seconds = 0;

  constructor(page, word = FIRST) {
    this.page = page;
    this.word = word;
  }

  async click(what) {
    this.inputs += 1;
    await this.page.click(what);
    await this.page.waitForLoadState();
  }

  /** Reads a question and touches its answers. */
  takes(question, touches) {
    const words = question.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
    this.inputs += touches;
    this.seconds += Math.max(MIND, words * this.word) + touches * TOUCH + Math.max(0, touches - 1) * MIND;
  }

  /** One answer for every question of a form that is asked of this patient: what is given, else the word. */
  async answerForm(form, given, word = "no") {
    let answered = 0;
    for (const fact of await step.asked(this.page, form)) {
      const plain = this.page.locator(`${form} [name="f:${fact}"][value="${word}"]`);
      if (NOT_HIS.includes(fact) || (!(fact in given) && (await plain.count()) === 0)) continue;
      await step.answer(this.page, form, fact, given[fact] ?? word);
      answered += 1;
    }
    this.inputs += answered;
    return answered;
  }
}
