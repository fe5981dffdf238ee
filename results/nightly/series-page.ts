/** The series of nights as a page: one small chart a figure, those that changed for good first, and what changed. */
import { html, type Markup } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { horizontalAxis, verticalAxis } from "../report/plot/axes.ts";
import { type Breadth, bothBreadths, drawing, type Frame, px } from "../report/plot/drawing.ts";
import { dots, lines } from "../report/plot/line-chart.ts";
import { linearScale } from "../report/plot/scale.ts";
import { counted, day, latency } from "../units.ts";
import { type FigureCourse, figureCourses, type Series } from "./series.ts";
import { changeText, latestChange, nightsMin, seriesSentence } from "./series-text.ts";

/** A whole document, which opens from a disk and runs nothing. */
export const seriesPage = (series: Series): string => {
  const courses = figureCourses(series);
  const isWorse = courses.some((course) => (latestChange(course)?.ratio ?? 0) > 1);
  const style = isWorse ? "breached" : series.nights.length < nightsMin ? "inconclusive" : "passed";
  const groups = [
    { id: "changed", name: "Changed for good", courses: courses.filter(isChanged) },
    { id: "steady", name: "Steady", courses: courses.filter((course) => !isChanged(course)) },
  ].filter((group) => group.courses.length > 0);
  return page({
    title: "Nights",
    heading: html`<header class="heading ${style}"><div class="conclusion"><div><p class="word">Nights</p><h1>${seriesSentence(series, courses)}</h1></div></div><p class="facts"><span>Energy distances between the nights before and after, p below 1 % by shuffling, changes above 5 %; the last 30 nights of each figure.</span></p></header>`,
    sections: groups.map((group) => ({
      id: group.id,
      name: group.name,
      content: html`<section id="${group.id}" aria-labelledby="${group.id}-title"><h2 id="${group.id}-title">${group.name}</h2>${courseFigures(group.id, group.courses)}</section>`,
    })),
    footer: html`<p>Made by Tipcart from the lines of its nights.</p>`,
  });
};

/** Drawings that are shown at once; a night of many cells has a hundred steady figures that nobody asked about. */
const shownAtOnce = 8;

const courseFigures = (id: string, courses: readonly FigureCourse[]): Markup => {
  const figures = html`<div class="halves">${courses.map((course, index) => courseFigure(`${id}-${index + 1}`, course))}</div>`;
  return id === "changed" || courses.length <= shownAtOnce
    ? figures
    : html`<details class="more"><summary>${counted(courses.length, "figure")}</summary>${figures}</details>`;
};

const isChanged = ({ changes }: FigureCourse): boolean => changes.length > 0;

const frames: Readonly<Record<Breadth, Frame>> = {
  wide: { width: 530, height: 190, left: 62, right: 520, top: 14, bottom: 160 },
  narrow: { width: 358, height: 170, left: 58, right: 350, top: 14, bottom: 140 },
};

const courseFigure = (id: string, course: FigureCourse): Markup =>
  html`<figure><figcaption><b>${course.name}</b>${course.changes.map((change) => html`<br>${changeText(change)}`)}</figcaption>${bothBreadths((breadth) => chart(id, breadth, course))}</figure>`;

const chart = (id: string, breadth: Breadth, { name, values, changes }: FigureCourse): Markup => {
  const frame = frames[breadth];
  const x = linearScale({
    domain: [0, Math.max(1, values.length - 1)],
    range: [frame.left, frame.right],
    tickCount: breadth === "wide" ? 5 : 3,
    stepLeast: 1,
    label: (index) => day(values[index]?.startedWallMs ?? Number.NaN).slice(5),
  });
  const y = linearScale({
    domain: [0, 1.1 * values.reduce((most, { ms }) => Math.max(most, ms), 0)],
    range: [frame.bottom, frame.top],
    tickCount: 4,
    label: latency,
  });
  const points = values.map(({ ms }, index) => ({ x: index, y: ms }));
  const marks = changes.map(({ since }) => x.at(values.findIndex((one) => one.startedWallMs === since)));
  return drawing({
    id,
    breadth,
    size: frame,
    title: `${name} by night`,
    description: changes.map(changeText).join("; ") || "No lasting change.",
    content: html`${verticalAxis(frame, y)}${marks.map((at) => html`<line class="mark" x1="${px(at)}" x2="${px(at)}" y1="${px(frame.top)}" y2="${px(frame.bottom)}"/>`)}${lines(x, y, [{ style: "p50", points }])}${dots(x, y, { style: "p50", points })}${horizontalAxis(frame, x)}`,
  });
};
