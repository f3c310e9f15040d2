// The portal's optional layer. Every page works without it; nothing here decides anything.
import { autosave } from "./autosave.js";
import { countCharacters } from "./count.js";
import { errorSummary } from "./errors.js";
import { poll } from "./poll.js";
import { sticky } from "./sticky.js";
import { submitOnce } from "./submit.js";
import { suggest } from "./suggest.js";

const each = (selector, enhance, root = document) => root.querySelectorAll(selector).forEach(enhance);

document.documentElement.classList.add("pm-js");
each("[data-error-summary]", errorSummary);
each("textarea[data-maxlength]", countCharacters);
each("[data-suggest-url]", suggest);
each("[data-autosave-url]", autosave);
each("[data-poll-url]", poll);
each(".pm-sticky", sticky);
submitOnce(document);
