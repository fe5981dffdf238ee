/**
 * The palette, by day, by night and on paper, as CSS variables.
 *
 * Marks follow Okabe and Ito's set, which stays apart for colour-blind readers, and text keeps a contrast of at
 * least 4.5 to what it stands on. The heat map runs through one hue from the paper to the ink, the way that
 * cividis does: lightness alone carries it.
 */
import { verbatim } from "../markup.ts";

export const colours = verbatim`
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --card: #ffffff; --ink: #1c2024; --quiet: #5d666f; --line: #e2e1dc; --grid: #ecebe6; --axis: #b9bab4; --shade: rgb(28 32 36 / 16%);
  --accent: #0b5c8a; --wash: #f1f0eb;
  --passed: #0b7a4f; --passed-wash: #e7f4ed; --violated: #b3261e; --violated-wash: #fcecea;
  --breached: #995700; --breached-wash: #fcf2e0; --inconclusive: #5a5890; --inconclusive-wash: #efeef7;
  --p50: #0072b2; --p99: #d17a00; --p999: #a5337f; --slowest: #9aa0a6; --limit: #c2410c; --lag: #5d666f;
  --ok: #7fb3a4; --bad: #c2410c; --slow: #e0a021; --fail: #c2410c; --info: #7d5ba6; --dropped: #3d444b;
  --get: #0072b2; --put: #d17a00; --delete: #a5337f;
  --kill: #b3401f; --pause: #8a5a00; --partition: #66489e; --clock: #0f6b6b; --other: #4b5563; --on-fault: #ffffff;
  --band: rgb(190 110 30 / 15%); --band-after: rgb(190 110 30 / 5.5%); --band-text: #82500f;
  --warm-up: #e8e7e1; --steady: #dbe8e2; --fault: #f2d9bd; --recovery: #f7ebd9; --phase-text: #3b4249;
  --h1: #d9e6ee; --h2: #b7d1e2; --h3: #8fb8d4; --h4: #669dc4; --h5: #4481b1; --h6: #2c659a; --h7: #1b497c; --h8: #102e5a;
}
@media screen and (prefers-color-scheme: dark) { :root {
  --paper: #101317; --card: #171b20; --ink: #e7e9ea; --quiet: #a0a9b2; --line: #2b3138; --grid: #232930; --axis: #4a525b; --shade: rgb(0 0 0 / 65%);
  --accent: #7cc0ee; --wash: #1d2228;
  --passed: #4cc38a; --passed-wash: #12261d; --violated: #ff8a7a; --violated-wash: #321715;
  --breached: #f2b04b; --breached-wash: #2d2110; --inconclusive: #b0adea; --inconclusive-wash: #21202f;
  --p50: #56b4e9; --p99: #f0a63a; --p999: #e07fbf; --slowest: #6f7881; --limit: #ff9062; --lag: #a0a9b2;
  --ok: #2f7d69; --bad: #ef7d52; --slow: #e5b13f; --fail: #ef7d52; --info: #b497dd; --dropped: #cfd4d9;
  --get: #56b4e9; --put: #f0a63a; --delete: #e07fbf;
  --kill: #ef8a66; --pause: #e0b04a; --partition: #bda2ee; --clock: #56c7c1; --other: #aab3bd; --on-fault: #14171b;
  --band: rgb(240 170 80 / 17%); --band-after: rgb(240 170 80 / 6%); --band-text: #e8b878;
  --warm-up: #262b31; --steady: #1d3029; --fault: #4a3418; --recovery: #2f2617; --phase-text: #ccd2d7;
  --h1: #16304a; --h2: #1a4468; --h3: #205b86; --h4: #2f76a3; --h5: #4b93bd; --h6: #74b1d3; --h7: #9fcbe3; --h8: #d3e9f4;
} }
@media print { :root {
  --paper: #ffffff; --card: #ffffff; --ink: #000000; --quiet: #444b52; --line: #d0d0cc; --grid: #e6e6e2; --axis: #999999;
} }
`;
