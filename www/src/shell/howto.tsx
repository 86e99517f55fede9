// "How do I get a profile?": the recipes, each with a button that copies it.

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { copyText } from './copytext';
import { Icon } from './icons';
import { RECIPES } from './recipes';
import type { Recipe, Step } from './recipes';

interface CopyProps {
  text: string;
  what: string;
  /** The browser would not. */
  onRefused: () => void;
}

function CopyButton({ text, what, onRefused }: CopyProps): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await copyText(text))) {
      onRefused();
      return;
    }
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
  const code = useRef<HTMLPreElement>(null);
  const [refused, setRefused] = useState(false);
  const selectInstead = (): void => {
    if (code.current !== null) getSelection()?.selectAllChildren(code.current);
    setRefused(true);
  };
  return (
    <div class="step-code">
      <p>{step.about}</p>
      <div class="code">
        <pre ref={code} tabIndex={0} aria-label={step.about}>
          {step.code}
        </pre>
        <CopyButton text={step.code} what={`${title}, ${step.about}`} onRefused={selectInstead} />
      </div>
      <p role="status">{refused && 'The browser does not let this page copy. The text is selected: copy it by key.'}</p>
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
