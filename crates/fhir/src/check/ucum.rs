//! Whether a code is a unit of UCUM (version 2.1, case-sensitive).
//!
//! ```text
//! term      = ["/"] component { ("." | "/") component }
//! component = unit [exponent] [annotation] | number [annotation] | annotation | "(" term ")"
//! unit      = [prefix] atom
//! ```
//!
//! A prefix may stand before the metric atoms alone. The atoms are those of
//! UCUM's tables that health records use; the historical ones are left out.

/// Prefixes.
const PREFIXES: [&str; 24] = [
    "da", "Ki", "Mi", "Gi", "Ti", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u",
    "n", "p", "f", "a", "z", "y",
];

/// Atoms that take prefixes.
const METRIC: &str = "m s g rad K C cd mol sr Hz N Pa J W A V F Ohm S Wb Cel T H lm lx Bq Gy Sv \
    l L ar t bar u eV pc [ly] gf G Mx Oe Gb Lmb ph sb St P dyn erg Ky Gal B Np B[SPL] B[V] B[mV] \
    B[uV] B[W] B[kW] bit bit_s By Bd m[H2O] m[Hg] tex cal cal_[15] cal_[20] cal_m cal_IT cal_th \
    kat U [iU] [IU] eq osm g% Ci R RAD REM st mho [g] [c] [h] [k] [eps_0] [mu_0] [e] [m_e] [m_p] \
    [G] Bi";

/// Atoms that stand alone.
const PLAIN: &str = "10* 10^ [pi] % [ppth] [ppm] [ppb] [pptr] gon deg ' '' min h d a_t a_j a_g a \
    mo_s mo_j mo_g mo wk AU atm att [lbf_av] [psi] [in_i] [ft_i] [yd_i] [mi_i] [fth_i] [nmi_i] \
    [kn_i] [sin_i] [sft_i] [syd_i] [cin_i] [cft_i] [cyd_i] [mil_i] [cml_i] [hd_i] [in_us] [ft_us] \
    [yd_us] [mi_us] [fth_us] [rd_us] [acr_us] [in_br] [ft_br] [yd_br] [mi_br] [gr] [lb_av] [oz_av] \
    [dr_av] [scwt_av] [lcwt_av] [ston_av] [lton_av] [stone_av] [pwt_tr] [oz_tr] [lb_tr] [sc_ap] \
    [dr_ap] [oz_ap] [lb_ap] [oz_m] [lne] [pnt] [pca] [degF] [degR] [degRe] [Cal] [Btu] [Btu_IT] \
    [Btu_th] [HP] [den] [in_i'H2O] [in_i'Hg] [PRU] [wood'U] [diop] [p'diop] %[slope] [mesh_i] [Ch] \
    [drp] [hnsf'U] [MET] [pH] [gal_us] [bbl_us] [qt_us] [pt_us] [gil_us] [foz_us] [fdr_us] \
    [min_us] [crd_us] [bu_us] [gal_wi] [pk_us] [dqt_us] [dpt_us] [tbs_us] [tsp_us] [cup_us] \
    [foz_m] [cup_m] [tsp_m] [tbs_m] [gal_br] [qt_br] [pt_br] [gil_br] [foz_br] [arb'U] [USP'U] \
    [GPL'U] [MPL'U] [APL'U] [beth'U] [anti'Xa'U] [todd'U] [dye'U] [smgy'U] [bdsk'U] [ka'U] [knk'U] \
    [mclg'U] [tb'U] [CCID_50] [TCID_50] [EID_50] [PFU] [FFU] [CFU] [IR] [BAU] [AU] [Amb'a'1'U] \
    [PNU] [Lf] [D'ag'U] [FEU] [ELU] [EU] [S] [HPF] [LPF] sph circ [car_m] [car_Au] [smoot] b \
    [m/s2/Hz^0.5] [kp_C] [hp_X] [hp_C] [hp_M] [hp_Q] [hp'_X] [hp'_C] [hp'_M] [hp'_Q] [bf_i] [cr_i]";

/// Deeper nested brackets are no unit.
const MAX_DEPTH: usize = 16;

/// Whether `code` is a unit of UCUM.
pub(super) fn is_unit(code: &str) -> bool {
    code.is_ascii() && term(code, 0) == Some("")
}

/// What follows a term; nothing where there is no term.
fn term(text: &str, depth: usize) -> Option<&str> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut rest = component(text.strip_prefix('/').unwrap_or(text), depth)?;
    while let Some(next) = rest.strip_prefix(['.', '/']) {
        rest = component(next, depth)?;
    }
    Some(rest)
}

fn component(text: &str, depth: usize) -> Option<&str> {
    if let Some(inner) = text.strip_prefix('(') {
        return annotated(term(inner, depth + 1)?.strip_prefix(')')?);
    }
    if text.starts_with('{') {
        return annotation(text);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let power = text.starts_with("10*") || text.starts_with("10^");
    if digits > 0 && !power {
        return annotated(&text[digits..]);
    }
    let end = if power { 3 } else { symbol(text)? };
    let (unit, rest) = text.split_at(end);
    if !is_simple(unit) {
        return None;
    }
    annotated(exponent(rest)?)
}

/// How long the symbol of a unit is; what stands in square brackets is one.
fn symbol(text: &str) -> Option<usize> {
    let mut end = 0;
    while let Some(byte) = text.as_bytes().get(end) {
        match byte {
            b'[' => end += text[end..].find(']')? + 1,
            b'.' | b'/' | b'(' | b')' | b'{' | b'}' | b'+' | b'-' | b'0'..=b'9' => break,
            _ => end += 1,
        }
    }
    (end > 0).then_some(end)
}

fn is_simple(unit: &str) -> bool {
    let prefixed = |atom: &str| {
        let prefix = unit.strip_suffix(atom);
        prefix.is_some_and(|prefix| prefix.is_empty() || PREFIXES.contains(&prefix))
    };
    METRIC.split_ascii_whitespace().any(prefixed)
        || PLAIN.split_ascii_whitespace().any(|atom| atom == unit)
}

fn exponent(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix(['+', '-']);
    let digits = unsigned.unwrap_or(text);
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    match (unsigned, length) {
        (Some(_), 0) => None,
        _ => Some(&digits[length..]),
    }
}

fn annotated(text: &str) -> Option<&str> {
    match text.starts_with('{') {
        true => annotation(text),
        false => Some(text),
    }
}

/// What follows `{…}`.
fn annotation(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    let fine = |byte: u8| byte != b'{' && (b' '..=b'~').contains(&byte);
    inner[..end].bytes().all(fine).then(|| &inner[end + 1..])
}
