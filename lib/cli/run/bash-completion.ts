/**
 * Completes `rxftp` in bash. The script of the library needs the package bash-completion, and evaluates what was typed.
 *
 * Bash splits words at `=` and `:`, and replaces the last part alone. So a URL is in several words here, which no option minds.
 */
export const BASH_COMPLETION = `# bash completion for rxftp

__rxftp_complete() {
    local word=\${COMP_WORDS[COMP_CWORD]} line value
    COMPREPLY=()
    # Each line is a value, a tab and a description; the last one is a colon and a number.
    while IFS= read -r line; do
        value=\${line%%$'\\t'*}
        [[ $line == *$'\\t'* && $value == "$word"* ]] || continue
        printf -v value %q "$value"
        COMPREPLY+=("$value")
    done < <(rxftp complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    # More may follow a directory.
    [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
    return 0
}

complete -F __rxftp_complete rxftp
`;
