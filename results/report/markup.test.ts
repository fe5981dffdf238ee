import { describe, expect, it } from "vitest";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { elementsOf, readMarkup, textOf } from "../fixture/page-reader.ts";
import { textLimit, visibleText } from "../visible-text.ts";
import { html, type Markup, verbatim } from "./markup.ts";

describe("html", () => {
  it("escapes text, in elements and in attributes", () => {
    const made = html`<p title="${`"'&`}">${"<b>&amp;</b>"}</p>`;

    expect(made.toString()).toBe('<p title="&quot;&#39;&amp;">&lt;b&gt;&amp;amp;&lt;/b&gt;</p>');
  });

  it("keeps markup that it made itself, and joins lists", () => {
    const items = ["a", "<"].map((text) => html`<li>${text}</li>`);

    expect(html`<ul>${items}</ul>`.toString()).toBe("<ul><li>a</li><li>&lt;</li></ul>");
  });

  it("leaves nothing for null, undefined and false, but shows 0 and the empty list's absence", () => {
    expect(html`[${null}${undefined}${false}${[]}${0}]`.toString()).toBe("[0]");
  });

  it("takes nothing read from data for markup, whatever its shape", () => {
    const planted = JSON.parse('{"text":"<script>","toString":"x"}') as Markup;

    expect(() => html`<p>${planted}</p>`).toThrow(TypeError);
  });

  it("says how much of an endless value it leaves out", () => {
    const made = html`${"a".repeat(textLimit + 5)}`.toString();

    expect(made).toHaveLength(textLimit + "… (5 more characters)".length);
    expect(made.endsWith("… (5 more characters)")).toBe(true);
  });

  it.each(injectionCorpus.map((text) => [text]))("shows %j and does nothing of it", (text) => {
    const made = html`<p title="${text}">${text}</p>`;
    const root = readMarkup(made.toString());

    expect(elementsOf(root).map((element) => element.name)).toEqual(["", "p"]);
    expect(textOf(root)).toBe(visibleText(text));
    expect(elementsOf(root)[1]?.attributes).toEqual({ title: visibleText(text) });
  });
});

describe("verbatim", () => {
  it("is the text of the source", () => {
    expect(verbatim`<b>&nbsp;</b>`.toString()).toBe("<b>&nbsp;</b>");
  });
});

describe("the corpus", () => {
  it("has more than two hundred strings, all different", () => {
    expect(new Set(injectionCorpus).size).toBe(injectionCorpus.length);
    expect(injectionCorpus.length).toBeGreaterThan(200);
  });
});
