;;; emacs_session.el --- A debugging session in Emacs's dap-mode  -*- lexical-binding: t -*-

;; Run by test_other_clients.py: emacs --batch -l emacs_session.el STEPWIRE GRAPH-FILE LINE
;; What a user does with keys is done here with the commands behind them.

(require 'package)
(package-initialize)
(require 'cl-lib)
(require 'dap-mode)
(require 'dap-ui)

(cl-destructuring-bind (stepwire file line) command-line-args-left
  (setq command-line-args-left nil
        dap-breakpoints-file (expand-file-name "breakpoints" temporary-file-directory)
        dap-auto-show-output nil)

  ;; This is what a user writes into an init file, but for the path of the command.
  (dap-register-debug-provider
   "stepwire"
   (lambda (conf) (plist-put conf :dap-server-path (list stepwire "dap"))))
  (dap-register-debug-template
   "LangGraph"
   (list :type "stepwire" :request "launch" :name "LangGraph"
         :program (concat file ":graph") :query "q"))

  (defun until (what found)
    "Wait until FOUND gives a value, and return it; WHAT is waited for."
    (let ((deadline (+ (float-time) 100)) value)
      (while (not (setq value (funcall found)))
        (when (> (float-time) deadline)
          (error "No sign of %s" what))
        (accept-process-output nil 0.05))
      value))

  (defun session () (dap--cur-session))

  (defun frame ()
    "The frame that dap-mode has selected, where one is."
    (and (session) (dap--debug-session-active-frame (session))))

  (defun stop-at (name)
    "Wait until dap-mode shows the frame of that NAME."
    (until name (lambda () (and (frame) (equal (gethash "name" (frame)) name) (frame)))))

  (defun ask (command &rest arguments) (apply #'dap-request (session) command arguments))

  (defun variable (scope name)
    "The variable of that NAME in a SCOPE of the frame, and the scope's reference."
    (let* ((scopes (gethash "scopes" (ask "scopes" :frameId (gethash "id" (frame)))))
           (reference
            (cl-loop for one being the elements of scopes
                     when (equal (gethash "name" one) scope)
                     return (gethash "variablesReference" one)))
           (inside (gethash "variables" (ask "variables" :variablesReference reference))))
      (cons reference
            (cl-loop for one being the elements of inside
                     when (equal (gethash "name" one) name) return one))))

  (defun evaluated (expression)
    (gethash "result" (ask "evaluate" :expression expression :context "repl"
                           :frameId (gethash "id" (frame)))))

  (defun say (&rest arguments)
    (princ (concat (apply #'format arguments) "\n")))

  ;; A dot on a line inside the node's function.
  (find-file file)
  (goto-char (point-min))
  (forward-line (1- (string-to-number line)))
  (dap-breakpoint-add)

  (dap-debug (copy-sequence (cdr (assoc "LangGraph" dap-debug-template-configurations))))
  (stop-at "rank")
  (say "stopped at %s, %s:%d" (gethash "name" (frame))
       (file-name-nondirectory (buffer-file-name)) (line-number-at-pos))
  (say "stack %s"
       (mapconcat (lambda (one) (gethash "name" one))
                  (gethash "stackFrames"
                           (ask "stackTrace" :threadId (dap--debug-session-thread-id (session))))
                  " < "))

  (let ((facts (variable "State" "facts")))
    (say "facts %s" (gethash "value" (cdr facts)))
    (ask "setVariable" :name "year" :value "1999"
         :variablesReference (gethash "variablesReference" (cdr facts))))
  (say "year %s" (evaluated "state['facts']['year'] + 1"))

  (dap-next (session))
  (stop-at "ask")
  (say "next %s" (gethash "name" (frame)))
  (say "said %s" (evaluated "state['said']"))

  (dap-continue (session) (dap--debug-session-thread-id (session)))
  (until "the end" (lambda () (eq 'terminated (dap--debug-session-state (session)))))
  (say "green"))
;;; emacs_session.el ends here
