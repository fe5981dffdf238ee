/** A page that only says one thing: what is not there, or why it cannot be shown. */
import { html } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { trail } from "./trail.ts";

export const noticePage = (title: string, sentence: string): string =>
  page({
    title,
    heading: html`<header class="heading plain">${trail()}<h1>${title}</h1></header>`,
    sections: [
      {
        id: "notice",
        name: title,
        content: html`<section id="notice" aria-label="${title}"><p>${sentence}</p></section>`,
      },
    ],
    footer: html`<p>Tipcart</p>`,
    isServed: true,
  });
