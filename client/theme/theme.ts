import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import controls from './controls.module.css';

const indigo: MantineColorsTuple = ['#eef0ff', '#dfe2ff', '#c3c7fd', '#a7abfb', '#8b8ff8', '#6b68f0', '#4f46e5', '#4338ca', '#3730a3', '#312e81'];

/** All overlays use the same short fade, without movement. */
const pop = { transitionProps: { transition: 'fade' as const, duration: 120 } };

/** The theme of all Mantine controls: compact, hairlines instead of shadows. Colors come from tokens.css. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  primaryColor: 'indigo',
  primaryShade: { light: 6, dark: 4 },
  colors: { indigo },
  autoContrast: false,
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '28px' },
  breakpoints: { xs: '24em', sm: '40em', md: '56em', lg: '72em', xl: '88em' },
  shadows: { xs: 'var(--node)', sm: 'var(--float)', md: 'var(--float)', lg: 'var(--float)', xl: 'var(--float)' },
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'default' }, classNames: { root: controls.button, section: controls.buttonSection } },
    ActionIcon: { defaultProps: { size: 32, variant: 'subtle', color: 'gray' }, classNames: { root: controls.iconButton } },
    TextInput: {
      defaultProps: { size: 'sm' },
      classNames: { input: controls.input, label: controls.label, description: controls.hint, error: controls.error },
    },
    PasswordInput: {
      defaultProps: { size: 'sm' },
      classNames: { input: controls.input, label: controls.label, description: controls.hint, error: controls.error },
    },
    NumberInput: {
      defaultProps: { size: 'sm', hideControls: true },
      classNames: { input: controls.input, label: controls.label, description: controls.hint, error: controls.error },
    },
    NativeSelect: {
      defaultProps: { size: 'sm' },
      classNames: { input: controls.input, label: controls.label, description: controls.hint, error: controls.error },
    },
    Textarea: { defaultProps: { size: 'sm' }, classNames: { input: controls.input, label: controls.label, description: controls.hint, error: controls.error } },
    TagsInput: {
      defaultProps: { size: 'sm' },
      classNames: { input: controls.input, label: controls.label, description: controls.hint, error: controls.error },
    },
    Autocomplete: {
      defaultProps: { size: 'sm', comboboxProps: pop },
      classNames: {
        input: controls.input,
        label: controls.label,
        description: controls.hint,
        error: controls.error,
        dropdown: controls.dropdown,
        option: controls.option,
      },
    },
    Select: {
      defaultProps: { size: 'sm', allowDeselect: false, comboboxProps: pop, checkIconPosition: 'right' },
      classNames: {
        input: controls.input,
        label: controls.label,
        description: controls.hint,
        error: controls.error,
        dropdown: controls.dropdown,
        option: controls.option,
      },
    },
    Switch: {
      defaultProps: { size: 'xs', withThumbIndicator: false },
      classNames: { body: controls.switchBody, label: controls.switchLabel, description: controls.switchHint, track: controls.switchTrack },
    },
    Checkbox: { defaultProps: { size: 'xs', radius: 'xs' }, classNames: { input: controls.checkbox } },
    SegmentedControl: {
      defaultProps: { size: 'sm', radius: 'md', withItemsBorders: false, transitionDuration: 140 },
      classNames: { root: controls.segments, indicator: controls.segment, label: controls.segmentLabel },
    },
    Tabs: { classNames: { tab: controls.tab, list: controls.tabList } },
    Menu: {
      defaultProps: { shadow: 'sm', position: 'bottom-end', withInitialFocusPlaceholder: false, ...pop },
      classNames: {
        dropdown: controls.dropdown,
        item: controls.option,
        itemSection: controls.optionSection,
        label: controls.menuLabel,
        divider: controls.menuDivider,
      },
    },
    Popover: { defaultProps: { shadow: 'sm', ...pop }, classNames: { dropdown: controls.dropdown } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 120 }, withArrow: false }, classNames: { tooltip: controls.tooltip } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 14,
        padding: 0,
        overlayProps: { color: 'var(--scrim)', backgroundOpacity: 1 },
        transitionProps: { transition: 'fade', duration: 140 },
      },
      classNames: { header: controls.modalHeader, title: controls.modalTitle, body: controls.modalBody, content: controls.modalContent },
    },
    Drawer: {
      defaultProps: { position: 'right', padding: 0, overlayProps: { color: 'var(--scrim)', backgroundOpacity: 1 }, transitionProps: { duration: 160 } },
      classNames: { header: controls.modalHeader, title: controls.modalTitle, body: controls.modalBody },
    },
    Notification: { classNames: { root: controls.toast, title: controls.toastTitle, description: controls.toastText } },
    CloseButton: { defaultProps: { size: 32, iconSize: 18, 'aria-label': 'Close' } },
  },
});

const fromTokens = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--failed)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-indigo-filled': 'var(--accent)',
  '--mantine-color-indigo-filled-hover': 'color-mix(in srgb, var(--accent) 88%, var(--text))',
  '--mantine-color-indigo-light': 'var(--accent-soft)',
  '--mantine-color-indigo-light-hover': 'var(--accent-soft)',
  '--mantine-color-indigo-light-color': 'var(--accent)',
  '--mantine-color-indigo-text': 'var(--accent)',
  '--mantine-color-gray-light-color': 'var(--text-2)',
  '--mantine-color-gray-text': 'var(--text-2)',
  '--mantine-color-red-text': 'var(--failed)',
  '--mantine-color-red-filled': 'var(--failed)',
  '--mantine-color-red-light': 'var(--failed-soft)',
  '--mantine-color-red-light-color': 'var(--failed)',
  '--mantine-color-red-light-hover': 'var(--failed-soft)',
  // Menu items use this one shade, whatever the scheme.
  '--mantine-color-red-6': 'var(--failed)',
  '--mantine-color-green-filled': 'var(--succeeded)',
};

/** Maps Mantine’s variables to the tokens, the single source of colors. Mantine also sets some per scheme, which would take precedence. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: fromTokens, light: fromTokens, dark: fromTokens });
