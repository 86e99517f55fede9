// "How do I get a profile?": the recipes, each with a button that copies it.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icons';
import { RECIPES } from './recipes';
import type { Recipe, Step } from './recipes';

/** Copies text; says whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed, or not a secure context: the text can still be selected by hand.
    return false;
  }
}

function CopyButton({ text, what }: { text: string; what: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await copyText(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" class="icon-button copy" aria-label={copied ? 'Copied' : `Copy: ${what}`} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}

function StepView({ step, title }: { step: Step; title: string }): JSX.Element {
  return (
    <div class="step-code">
      <p>{step.about}</p>
      <div class="code">
        <pre tabIndex={0} aria-label={step.about}>
          {step.code}
        </pre>
        <CopyButton text={step.code} what={`${title}, ${step.about}`} />
      </div>
    </div>
  );
}

function RecipeView({ recipe }: { recipe: Recipe }): JSX.Element {
  return (
    <div class="recipe-body">
      {recipe.steps.map((step) => (
        <StepView key={step.about} step={step} title={recipe.title} />
      ))}
      {recipe.note !== '' && <p class="recipe-note">{recipe.note}</p>}
    </div>
  );
}

/** The panel. One recipe at a time is open. */
export function HowTo(): JSX.Element {
  return (
    <div class="howto">
      {RECIPES.map((recipe, i) => (
        <details key={recipe.title} name="howto" open={i === 0}>
          <summary>{recipe.title}</summary>
          <RecipeView recipe={recipe} />
        </details>
      ))}
    </div>
  );
}
