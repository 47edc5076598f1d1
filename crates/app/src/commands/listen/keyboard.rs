//! What is typed while `ayni listen` runs on a terminal: Enter, or a number and Enter.

use std::io::{BufRead as _, IsTerminal as _};

use tokio::sync::mpsc;

use crate::output::Form;

/// The lines that come; none where nobody types.
pub struct Keyboard {
    lines: Option<mpsc::Receiver<String>>,
}

impl Keyboard {
    /// Reads lines where a person types and there is something to hand over again.
    pub fn open(form: Form, can_resend: bool) -> Keyboard {
        if form == Form::Json || !can_resend || !std::io::stdin().is_terminal() {
            return Keyboard { lines: None };
        }
        let (sender, lines) = mpsc::channel(LINES_MAX);
        // A thread of its own, which ends with the process: reading a terminal can't be taken back.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        Keyboard { lines: Some(lines) }
    }

    /// The number that is to be handed over again, or the last one; waits for ever where nobody types.
    pub async fn asked(&mut self) -> Option<Option<usize>> {
        let line = match &mut self.lines {
            Some(lines) => lines.recv().await,
            None => std::future::pending().await,
        };
        match line {
            Some(line) => Some(line.trim().trim_start_matches('#').parse().ok()),
            None => {
                self.lines = None;
                std::future::pending().await
            }
        }
    }
}

const LINES_MAX: usize = 8;
