# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Tasks of the forced-photometry server: one target with its options, and how far it is."""

import astropy.units as u

from atlasquery.schema.field import Date, Flag, Float, Integer, Text
from atlasquery.schema.row_schema import RowSchema

__all__ = ["FORCED_TASK"]

OLDER = "an older server"
UNFINISHED = "not finished, or without rows"

FORCED_TASK = RowSchema(
    "queue",
    "A task of forced photometry.",
    [
        Integer("job_id", "Number of the task.", server_key="id", required=True),
        Text("url", "URL of the task.", required=True),
        Integer("user_id", "Number of the owner."),
        Text("username", "Name of the owner."),
        Date("submitted", "Time of the submission.", server_key="timestamp"),
        Float("ra", "Right ascension (ICRS).", unit=u.deg, null="a moving object"),
        Float("dec", "Declination (ICRS).", unit=u.deg, null="a moving object"),
        Text("mpc", "Designation of a moving object.", server_key="mpc_name", null="a position"),
        Float("start", "Start of the time range (MJD).", server_key="mjd_min", unit=u.d, null="the whole archive"),
        Float("end", "End of the time range (MJD).", server_key="mjd_max", unit=u.d, null="until now"),
        Text("epoch", "Epoch of the position (Julian year).", server_key="radec_epoch_year", null="none"),
        Float("pm_ra", "Proper motion in RA.", server_key="propermotion_ra", unit=u.mas / u.yr, null="none"),
        Float("pm_dec", "Proper motion in Dec.", server_key="propermotion_dec", unit=u.mas / u.yr, null="none"),
        Flag("use_reduced", "Whether the reduced images are measured."),
        Text("comment", "Comment, which anyone can read.", null="none"),
        Flag("send_email", "Whether e-mail was asked for."),
        Text("callback_url", "Address to which the end is sent.", null="none"),
        Text("request_type", "FP (forced photometry), SSOSTACK or IMGZIP."),
        Date("started", "Start of the last attempt.", server_key="starttimestamp", null="waiting"),
        Date("finished", "End of the task.", server_key="finishtimestamp", null="not finished"),
        Flag("is_finished", "Whether the task has ended.", server_key="finished"),
        Text("message", "Why there are no rows.", server_key="error_msg", null="no error"),
        Integer("attempts", "Number of attempts.", server_key="attempt_count", null=OLDER),
        Integer(
            "queue_position", "Place in the queue, where users take turns.", server_key="queuepos", null="finished"
        ),
        Integer(
            "n_queued_on_submit",
            "Own waiting tasks at the submission.",
            server_key="userqueuedtasks_on_submit",
            null=OLDER,
        ),
        Float("wait_time", "Time from the submission to the start.", server_key="waittime", unit=u.s, null="waiting"),
        Float("run_time", "Time from the start to the end.", server_key="runtime", unit=u.s, null="not finished"),
        Text("result_url", "URL of the result.", null=UNFINISHED),
        Text("plot_url", "URL of a plot.", server_key="pdfplot_url", null=UNFINISHED),
        Text("preview_url", "URL of a preview.", server_key="previewimage_url", null=UNFINISHED),
        Integer("parent_id", "Task that images belong to.", server_key="parent_task_id", null="no images"),
        Text("parent_url", "URL of that task.", server_key="parent_task_url", null="no images"),
        Integer("images_id", "Task that makes the images.", server_key="imagerequest_task_id", null="no images"),
        Text("images_url", "URL of that task.", server_key="imagerequest_url", null="no images"),
        Flag("images_finished", "Whether it has ended.", server_key="imagerequest_finished", null="no images"),
        Text("stack_url", "URL of a stack of images.", server_key="result_imagestack_url", null="no stack"),
        Text("zip_url", "URL of images.", server_key="result_imagezip_url", null="no images"),
    ],
)
